"""layergen: compile specs of custom Keras layers to Keras 3 classes and their tests."""
