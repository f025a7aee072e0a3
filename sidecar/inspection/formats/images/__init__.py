"""Structure of images: headers, chunks, segments and boxes, without a pixel decoded."""
