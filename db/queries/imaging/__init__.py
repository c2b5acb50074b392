"""Tests of images, and robot accounts of Harbor."""
