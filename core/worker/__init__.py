"""The worker process: the messages it exchanges with the window, and its main loop."""
