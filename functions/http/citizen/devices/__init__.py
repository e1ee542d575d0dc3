"""A citizen's devices: phones, tablets and browsers that get push notifications."""
