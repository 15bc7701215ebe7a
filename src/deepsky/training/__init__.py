"""Training of the networks with Keras. Only this package imports TensorFlow."""
