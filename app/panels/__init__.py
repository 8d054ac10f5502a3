"""The panels: each draws one view model and passes on what a person does."""
