"""Results as plain data: records of predictions and maps, and the JSON documents made of them."""
