/* Keeps, beside every database file, a copy of it as of its last fsync: what a power cut would leave.
   Loaded with LD_PRELOAD; only files whose name holds "desk.db" are copied. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void keep(int fd) {
  char link[64], path[4096], beside[4200], block[65536];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return;
  path[length] = 0;
  if (!strstr(path, "desk.db")) return;
  snprintf(beside, sizeof beside, "%s.synced.part", path);
  int from = open(path, O_RDONLY), to = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (from < 0 || to < 0) return;
  ssize_t got;
  while ((got = read(from, block, sizeof block)) > 0)
    if (write(to, block, got) != got) return;
  close(from);
  close(to);
  char whole[4200];
  snprintf(whole, sizeof whole, "%s.synced", path);
  rename(beside, whole);
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  int result = real(fd);
  if (result == 0) keep(fd);
  return result;
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  int result = real(fd);
  if (result == 0) keep(fd);
  return result;
}
