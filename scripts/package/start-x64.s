# What the single executable does before anything else (x86_64): koffi's binary, which lies in the file, is written into a memory file,
# since the dynamic loader maps files only; no folder is needed, and nobody else can put something in its place. Then the start of Node.
# elf.mjs appends three words: where koffi's binary is, seen from here; its size; where Node starts, seen from here.
  .intel_syntax noprefix
  .text
start:
  push rdx                      # for _start: what to call at exit
  push rbx
  push r12
  lea rdi, [rip + name]
  mov esi, 9                    # MFD_CLOEXEC | MFD_NOEXEC_SEAL: not to be executed as a program (Linux 6.3)
  mov eax, 319                  # memfd_create(2)
  syscall
  test eax, eax
  jns open
  lea rdi, [rip + name]
  mov esi, 1                    # MFD_CLOEXEC
  mov eax, 319
  syscall
  test eax, eax
  js done                       # no memory file: Node starts all the same, and shmtop says what it lacks
open:
  mov ebx, eax
  cmp ebx, 2
  ja above
  mov edi, ebx                  # a standard one was closed: what Node opens in its place must find it free
  mov esi, 1030                 # F_DUPFD_CLOEXEC
  mov edx, 3
  mov eax, 72                   # fcntl(2)
  syscall
  mov edi, ebx
  mov ebx, eax
  mov eax, 3                    # close(2)
  syscall
  test ebx, ebx
  js done
above:
  lea r12, [rip + start]
  mov rsi, r12
  add rsi, [rip + words]
  mov r12, [rip + words + 8]
more:
  test r12, r12
  jz done
  mov edi, ebx
  mov rdx, r12
  mov eax, 1                    # write(2)
  syscall
  test rax, rax
  jle shut
  add rsi, rax
  sub r12, rax
  jmp more
shut:                           # half of it is none
  mov edi, ebx
  mov eax, 3                    # close(2)
  syscall
done:
  pop r12
  pop rbx
  pop rdx
  lea rax, [rip + start]
  add rax, [rip + words + 16]
  jmp rax
name:
  .asciz "shmtop-koffi"
  .balign 8
words:
