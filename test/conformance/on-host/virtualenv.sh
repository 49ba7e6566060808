# What targets source to get a Python of their own; plonerun needs none, so it is the host's.
mkdir -p "$OUTPUT_DIR/venv/bin"
ln -sf "$(command -v python3)" "$OUTPUT_DIR/venv/bin/python"
