"""Write tags into the metadata of images, one module per image format.

No library fits: those that edit all these formats are under the GPL, need external programs or are
unmaintained, and Pillow would compress the image again. These modules copy everything except
deepsky's own tags byte by byte.
"""
