"""HTML, SVG and XML, as browsers and other readers take them."""
