"""What a page or a student notebook of *Convolutional Networks by Hand* imports."""
