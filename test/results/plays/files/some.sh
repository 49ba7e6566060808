#!/bin/sh
echo "script $*"; echo "from $(basename "$PWD")" >&2
