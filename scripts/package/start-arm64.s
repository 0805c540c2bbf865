// The same as start-x64.s, for aarch64.
  .text
start:
  mov x19, x0                   // for _start: what to call at exit
  adr x0, name
  mov x1, 9                     // MFD_CLOEXEC | MFD_NOEXEC_SEAL
  mov x8, 279                   // memfd_create(2)
  svc 0
  tbz w0, 31, open
  adr x0, name
  mov x1, 1                     // MFD_CLOEXEC
  mov x8, 279
  svc 0
  tbnz w0, 31, done
open:
  mov x20, x0
  cmp w20, 2
  b.hi above
  mov x1, 1030                  // F_DUPFD_CLOEXEC
  mov x2, 3
  mov x8, 25                    // fcntl(2)
  svc 0
  mov x21, x0
  mov x0, x20
  mov x8, 57                    // close(2)
  svc 0
  mov x20, x21
  tbnz w20, 31, done
above:
  adr x22, start
  adr x3, words
  ldr x1, [x3]
  add x1, x1, x22
  ldr x21, [x3, 8]
more:
  cbz x21, done
  mov x0, x20
  mov x2, x21
  mov x8, 64                    // write(2)
  svc 0
  cmp x0, 0
  b.le shut
  add x1, x1, x0
  sub x21, x21, x0
  b more
shut:
  mov x0, x20
  mov x8, 57                    // close(2)
  svc 0
done:
  adr x22, start
  adr x3, words
  ldr x16, [x3, 16]
  add x16, x16, x22
  mov x0, x19
  br x16
name:
  .asciz "shmtop-koffi"
  .balign 8
words:
