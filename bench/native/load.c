/* A client that costs next to nothing: sends one request again and again over many connections.
 *
 * usage: load PORT CONNECTIONS SECONDS MOST FILE
 *
 * FILE holds a whole request, head and body. Each connection sends it, reads the answer, and begins again, until SECONDS
 * are over or MOST requests were answered; a request under way then is still finished. Prints one line of JSON:
 * requests, errors, seconds, bytes sent, and the 50th and 99th percentile of the time from first byte to answer. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_ANSWER = 65536, SLICE = 1 << 20, MAX_TIMES = 1 << 22 };

struct connection {
    int fd;
    size_t sent;
    size_t got;
    double began;
    char answer[MAX_ANSWER + 1];
};

static const char *request;
static size_t request_size;
static struct sockaddr_in address;
static int poll_fd;
static double *times;
static size_t answered, errors, started, most;
static double deadline;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void await(struct connection *c, int operation, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    epoll_ctl(poll_fd, operation, c->fd, &event);
}

static void open_connection(struct connection *c) {
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) {
        perror("load: connect");
        exit(1);
    }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    await(c, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
}

/* Begins the next request; 0 where none is to be begun. */
static int begin(struct connection *c) {
    if (started >= most || now() >= deadline) return 0;
    started++;
    c->sent = c->got = 0;
    c->began = now();
    return 1;
}

static int send_some(struct connection *c) {
    while (c->sent < request_size) {
        size_t part = request_size - c->sent < SLICE ? request_size - c->sent : SLICE;
        ssize_t size = write(c->fd, request + c->sent, part);
        if (size < 0) return errno == EAGAIN ? 0 : -1;
        c->sent += (size_t)size;
    }
    await(c, EPOLL_CTL_MOD, EPOLLIN);
    return 0;
}

/* Whether the answer is whole. */
static int whole(struct connection *c) {
    c->answer[c->got] = 0;
    char *end = strstr(c->answer, "\r\n\r\n");
    if (!end) return 0;
    char *length = strcasestr(c->answer, "\r\ncontent-length:");
    if (length && length < end) return c->got >= (size_t)(end + 4 - c->answer) + strtoul(length + 17, NULL, 10);
    return c->got >= 5 && !memcmp(c->answer + c->got - 5, "0\r\n\r\n", 5);
}

/* 1: the answer is whole, 0: not yet, -1: broken. */
static int receive_some(struct connection *c) {
    ssize_t size = read(c->fd, c->answer + c->got, MAX_ANSWER - c->got);
    if (size < 0 && errno == EAGAIN) return 0;
    if (size <= 0) return -1;
    c->got += (size_t)size;
    return whole(c);
}

static void note(struct connection *c) {
    if (memcmp(c->answer, "HTTP/1.1 2", 10)) errors++;
    if (answered < MAX_TIMES) times[answered] = now() - c->began;
    answered++;
}

/* Moves one connection on; 0 once it has nothing more to do. */
static int step(struct connection *c, unsigned events) {
    int state = events & EPOLLOUT ? send_some(c) : 0;
    if (!state && events & (EPOLLIN | EPOLLHUP | EPOLLERR)) state = receive_some(c);
    if (!state) return 1;
    if (state > 0) note(c);
    else errors++;
    int closes = state < 0 || strcasestr(c->answer, "\r\nconnection: close") != NULL;
    if (closes) close(c->fd);
    if (!begin(c)) {
        if (!closes) close(c->fd);
        return 0;
    }
    if (closes) open_connection(c);
    else await(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    return 1;
}

static int ascending(const void *a, const void *b) {
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

static void report(double seconds) {
    size_t kept = answered < MAX_TIMES ? answered : MAX_TIMES;
    qsort(times, kept, sizeof *times, ascending);
    printf("{\"requests\": %zu, \"errors\": %zu, \"seconds\": %.6f, \"bytes\": %zu, \"p50\": %.6f, \"p99\": %.6f}\n",
           answered, errors, seconds, answered * request_size, kept ? times[kept / 2] : 0,
           kept ? times[(size_t)((double)(kept - 1) * 0.99)] : 0);
}

int main(int argc, char **argv) {
    if (argc != 6) return fprintf(stderr, "usage: load PORT CONNECTIONS SECONDS MOST FILE\n"), 2;
    signal(SIGPIPE, SIG_IGN);
    size_t count = strtoul(argv[2], NULL, 10), open_count = 0;
    int file = open(argv[5], O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) return perror(argv[5]), 1;
    request_size = (size_t)status.st_size;
    request = mmap(NULL, request_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (request == MAP_FAILED) return perror("mmap"), 1;
    address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1])),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    times = malloc(MAX_TIMES * sizeof *times);
    struct connection *all = calloc(count, sizeof *all);
    if (!times || !all) return 1;
    most = strtoul(argv[4], NULL, 10);
    poll_fd = epoll_create1(0);
    double began = now();
    deadline = began + atof(argv[3]);
    for (size_t i = 0; i < count; i++) {
        if (!begin(&all[i])) break;
        open_connection(&all[i]);
        open_count++;
    }
    struct epoll_event ready[256];
    while (open_count) {
        int ready_count = epoll_wait(poll_fd, ready, 256, 60000);
        if (!ready_count) return fprintf(stderr, "load: nothing happened for a minute\n"), 1;
        for (int i = 0; i < ready_count; i++)
            if (!step(ready[i].data.ptr, ready[i].events)) open_count--;
    }
    report(now() - began);
    return 0;
}
