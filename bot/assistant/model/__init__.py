"""The model route: what the sentence parser is not sure of is asked of a language model, which may only call skills."""
