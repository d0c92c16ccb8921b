"""Sections of the book that feedback sends students to."""

from __future__ import annotations

from autograder.checks import Section

DEFINITION = Section("convolution-2d", "The definition")
ONE_PLACE_BY_HAND = Section("convolution-2d", "One place by hand")
EVERY_PLACE = Section("convolution-2d", "Every place")
HOW_MANY_PLACES = Section("convolution-2d", "How many places are there?")
THE_FLIP = Section("convolution-2d", "What does the flip do?")
ORDER_OF_AXES = Section("notation", "Order of axes")
PADDING = Section("notation", "What padding holds")
