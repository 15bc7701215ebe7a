"""Train networks with Keras. No other package of deepsky imports TensorFlow."""

import logging
import os

# TensorFlow logs its instructions and each missing GPU library as warnings and errors.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# tf2onnx calls deprecated functions, about which users of deepsky can do nothing.
logging.getLogger("tensorflow").setLevel(logging.ERROR)
