"""The network that makes pictures larger: trained on patches of icons, whatever they show."""
