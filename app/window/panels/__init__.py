"""The panels: each draws one state and passes on what a person does."""
