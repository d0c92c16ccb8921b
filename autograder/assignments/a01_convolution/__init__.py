"""Assignment 01: convolution in one and two dimensions, and its borders."""
