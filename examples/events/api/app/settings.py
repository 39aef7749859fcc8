"""What can be set from outside."""

import os
from pathlib import Path

# History and results live here. In a container a volume must be mounted at this path.
DATA_DIR = Path(os.environ.get("DATA_DIR", "data"))

# Larger uploads are refused with 413.
MAX_UPLOAD_MB = int(os.environ.get("MAX_UPLOAD_MB", "20"))
