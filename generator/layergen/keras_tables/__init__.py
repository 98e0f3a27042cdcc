"""What is known of Keras without importing it: names, objects, their parameters."""
