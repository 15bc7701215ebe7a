"""What was found, written into images' own metadata: a module a kind of file.

Written here, since the libraries that know all these formats are under the GPL, need programs of
their own, or are not kept up; Pillow would compress the image anew. All copy what they do not
understand byte by byte.
"""
