/* What the chip can do at most: FMA peak and read bandwidth of one process.
 *
 *   cc -O3 -march=native -pthread peak.c -o peak; ./peak THREADS
 *
 * prints `{"gflops": ..., "gbytes_per_s": ...}`, f32, the best of several
 * short runs. Vectors are as wide as -march=native has; 12 accumulators cover
 * the latency of two FMA units (4 or 5 cycles). Bandwidth is of sums over
 * 256 MB, each thread its own part. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __AVX512F__
enum { lanes = 16 };
#elif defined(__AVX__)
enum { lanes = 8 };
#else
enum { lanes = 4 };
#endif
typedef float vec __attribute__((vector_size(lanes * sizeof(float))));

enum { sums = 12, steps = 400000, repeats = 15 };
static const size_t bytes = (size_t)256 << 20;
static char *memory;
static int threads;
static pthread_barrier_t barrier;
static double flop_time = 1e9, read_time = 1e9;
static volatile float seed = 0.5f, sink;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static float multiply(void) {
  vec sum[sums] = {{0}}, a = {0}, b = {0};
  /* Read anew each time: the compiler must take no two of them for equal. */
  a += seed, b += seed;
  for (int s = 0; s < sums; ++s)
    sum[s] += seed;
  for (int i = 0; i < steps; ++i)
#pragma GCC unroll 12
    for (int s = 0; s < sums; ++s)
      sum[s] = sum[s] * a + b;
  vec total = sum[0];
  for (int s = 1; s < sums; ++s)
    total += sum[s];
  return total[0];
}

static float read_all(const char *from, size_t size) {
  vec sum[8] = {{0}};
  const vec *p = (const vec *)from, *end = (const vec *)(from + size);
  for (; p < end; p += 8)
#pragma GCC unroll 8
    for (int s = 0; s < 8; ++s)
      sum[s] += p[s];
  vec total = sum[0];
  for (int s = 1; s < 8; ++s)
    total += sum[s];
  return total[0];
}

static void *work(void *argument) {
  size_t me = (size_t)argument, part = bytes / threads / 4096 * 4096;
  memset(memory + me * part, 0, part);
  for (int what = 0; what < 2; ++what)
    for (int r = 0; r < repeats; ++r) {
      pthread_barrier_wait(&barrier);
      double start = now();
      sink = what ? read_all(memory + me * part, part) : multiply();
      pthread_barrier_wait(&barrier);
      double *best = what ? &read_time : &flop_time;
      if (me == 0 && now() - start < *best)
        *best = now() - start;
    }
  return NULL;
}

int main(int argc, char **argv) {
  threads = argc > 1 ? atoi(argv[1]) : 1;
  if (threads < 1 || threads > 1024)
    return 2;
  memory = aligned_alloc(4096, bytes);
  if (!memory)
    return 1;
  pthread_barrier_init(&barrier, NULL, threads);
  pthread_t other[1024];
  for (size_t t = 1; t < (size_t)threads; ++t)
    if (pthread_create(&other[t], NULL, work, (void *)t))
      return 1;
  work((void *)0);
  for (int t = 1; t < threads; ++t)
    pthread_join(other[t], NULL);
  size_t read = bytes / threads / 4096 * 4096 * threads;
  printf("{\"gflops\": %.2f, \"gbytes_per_s\": %.2f}\n",
         2.0 * lanes * sums * steps * threads / flop_time * 1e-9,
         read / read_time * 1e-9);
  return 0;
}
