# Makes, opens and removes files as fast as it can: churn.py FOLDER FILES
import os, sys

for at in range(int(sys.argv[2])):
    path = f"{sys.argv[1]}/churn-{at % 50}"
    os.close(os.open(path, os.O_CREAT | os.O_RDWR))
    os.unlink(path)
