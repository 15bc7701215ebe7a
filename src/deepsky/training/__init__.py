"""Train networks with Keras. No other package of deepsky imports TensorFlow."""
