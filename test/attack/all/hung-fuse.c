// Mounts a FUSE file system on /dev/shm that never answers anything. Argument: a device for FUSE. Started by root it stands for a mount
// that root may look into: fusermount3(1) with user_allow_other, or a container whose root is the machine's; nobody serves it then too.
#include "../support/userns.h"
#include <errno.h>
#include "../support/fuse.h"

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  int is_root = getuid() == 0; // own_namespaces makes everybody root
  if (!is_root) {
    own_namespaces();
  } else if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", 0, MS_REC | MS_PRIVATE, 0) < 0) {
    err(1, "unshare");
  }
  fuse_mount(argv[1], "/dev/shm");
  if (is_root && (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)) err(1, "setresuid");
  ready();
  pause();
  return 0;
}
