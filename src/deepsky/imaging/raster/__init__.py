"""Read image formats of photography and the web: JPEG, PNG, WebP, HEIC, Photoshop and others."""
