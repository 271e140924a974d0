"""The main job: SBOMs and a filled store in, a worklist in order of patient risk out."""
