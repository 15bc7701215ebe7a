"""Write tags into the metadata of images, one module per image format.

Libraries that can edit the metadata of all these formats are licensed under the GPL, need external
programs or are unmaintained. Pillow would recompress the image. These modules replace only
deepsky's own tags and copy all other bytes unchanged.
"""
