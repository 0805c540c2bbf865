# Calls itself shmtop in every way that is open to an ordinary user, and opens a file: impostor.sh FILE
file=$1
printf shmtop > /proc/$$/comm
start=$(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20)
namespace=$(readlink /proc/self/ns/pid | tr -dc 0-9)
for folder in /run/shmtop /run/user/$(id -u)/shmtop /tmp/shmtop /dev/shm/shmtop; do
  mkdir -p $folder && echo "$start $namespace" > $folder/$$
done 2>/dev/null
exec 3< "$file"
sleep 0.3
exec 3<&-
echo $$
sleep 0.5
