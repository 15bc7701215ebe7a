"""How the networks are made, with Keras: nothing outside this package imports TensorFlow."""
