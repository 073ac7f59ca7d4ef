"""How well Evie understands: files of sentences with the calls they should become, run and compared."""
