"""Methods that go back through the network by rules of their own for each kind of layer."""
