"""How Daoshi's Markdown becomes what each platform can show. Pure: values in, values out."""
