"""Pictures: a generator that draws what it was taught, and what turns a sentence into a request.

Only `network`, `upsampler` and what draws with them load torch; serving knows no training.
"""
