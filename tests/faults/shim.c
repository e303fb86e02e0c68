/*
 * Preloaded into a daemon under test: its clock is wrong and its files do not answer, as long as
 * files in the directory FAULTS_CONTROL say so.
 *
 *   clock  seconds that the clock is ahead, or behind where they are negative
 *   hang   a directory; who opens or looks at anything in it waits
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int told(const char *name, char *text, size_t size) {
    const char *control = getenv("FAULTS_CONTROL");
    char path[4096];
    if (!control || snprintf(path, sizeof path, "%s/%s", control, name) >= (int)sizeof path) return 0;
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = syscall(SYS_read, file, text, size - 1);
    syscall(SYS_close, file);
    text[length > 0 ? length : 0] = 0;
    return length > 0;
}

static void answer_late(const char *path) {
    char below[4096];
    while (path && told("hang", below, sizeof below) && strncmp(path, below, strlen(below)) == 0)
        usleep(20000);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int mode_of(int flags, va_list rest) {
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, int) : 0;
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    int mode = mode_of(flags, rest);
    va_end(rest);
    answer_late(path);
    return REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    int mode = mode_of(flags, rest);
    va_end(rest);
    answer_late(path);
    return REAL(open)(path, flags, mode);
}

DIR *opendir(const char *path) {
    answer_late(path);
    return REAL(opendir)(path);
}

int statx(int directory, const char *path, int flags, unsigned mask, struct statx *about) {
    answer_late(path);
    return REAL(statx)(directory, path, flags, mask, about);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int failed = (int)syscall(SYS_clock_gettime, clock, time);
    char ahead[32];
    if (!failed && clock == CLOCK_REALTIME && told("clock", ahead, sizeof ahead))
        time->tv_sec += atol(ahead);
    return failed;
}
