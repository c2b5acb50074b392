"""Job protocols as people send them."""
