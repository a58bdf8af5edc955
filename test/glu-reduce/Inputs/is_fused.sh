#!/bin/sh
# Exit 1 for a file that is interesting: one in which glu-fuse finds something.
! glu-opt "$1" --glu-fuse | grep -q glu.gated_projection
