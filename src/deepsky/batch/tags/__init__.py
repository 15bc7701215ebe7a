"""What was found, written into pictures' own metadata: a module a kind of file.

Written here, since the libraries that know all these formats are under the GPL, need programs of
their own, or are not kept up; Pillow would compress the picture anew. All copy what they do not
understand byte by byte.
"""
