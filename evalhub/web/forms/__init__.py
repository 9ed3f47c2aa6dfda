"""Forms turn text from a browser into Python values; what the values mean is the services' business."""
