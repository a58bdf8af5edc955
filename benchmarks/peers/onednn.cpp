// The layer as oneDNN primitives, behind a plain C interface for onednn.py.
//
// The value branch is a matmul; the gate branch is one with the activation and
// the product as post-operations, and the down projection a third matmul, as
// oneDNN's own documentation does a gated MLP. Weights are reordered once to
// the formats that the primitives ask for.
#include <cstdint>
#include <cstring>
#include <exception>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <vector>

using namespace dnnl;
using Type = memory::data_type;
using Tag = memory::format_tag;

namespace {
struct Step {
  primitive run;
  std::unordered_map<int, memory> arguments;
};

struct Layer {
  engine cpu{engine::kind::cpu, 0};
  stream queue{cpu};
  std::vector<Step> steps;
  memory result;
};

thread_local std::string lastError;

memory dense(Layer &layer, memory::dims sizes, Type type, const void *from) {
  memory made({sizes, type, Tag::ab}, layer.cpu);
  if (from)
    std::memcpy(made.get_data_handle(), from, made.get_desc().get_size());
  return made;
}

// y = x w + bias, then `post`. `weight` is (columns, depth), row by row.
void matmulStep(Layer &layer, const memory &x, const void *weight,
                const void *bias, const memory &y, const post_ops &post,
                const memory *factor) {
  int64_t depth = x.get_desc().get_dims()[1];
  int64_t columns = y.get_desc().get_dims()[1];
  Type type = x.get_desc().get_data_type();
  primitive_attr attributes;
  attributes.set_post_ops(post);
  memory::desc anyWeight({depth, columns}, type, Tag::any);
  memory::desc biasType;
  if (bias)
    biasType = memory::desc({1, columns}, type, Tag::ab);
  matmul::primitive_desc chosen(layer.cpu, x.get_desc(), anyWeight, biasType,
                                y.get_desc(), attributes);
  memory stored({{depth, columns}, type, Tag::ba}, layer.cpu,
                const_cast<void *>(weight));
  memory packed(chosen.weights_desc(), layer.cpu);
  reorder(stored, packed).execute(layer.queue, stored, packed);
  layer.queue.wait();
  Step step{matmul(chosen),
            {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, packed}, {DNNL_ARG_DST, y}}};
  if (bias)
    step.arguments[DNNL_ARG_BIAS] = dense(layer, {1, columns}, type, bias);
  if (factor)
    step.arguments[DNNL_ARG_ATTR_MULTIPLE_POST_OP(post.len() - 1) |
                   DNNL_ARG_SRC_1] = *factor;
  layer.steps.push_back(std::move(step));
}

bool addActivation(post_ops &post, const std::string &gate) {
  if (gate == "silu")
    post.append_eltwise(algorithm::eltwise_swish, 1, 0);
  else if (gate == "sigmoid")
    post.append_eltwise(algorithm::eltwise_logistic, 0, 0);
  else if (gate == "relu")
    post.append_eltwise(algorithm::eltwise_relu, 0, 0);
  else if (gate == "gelu")
    post.append_eltwise(algorithm::eltwise_gelu_erf, 0, 0);
  else if (gate == "gelu_tanh")
    post.append_eltwise(algorithm::eltwise_gelu_tanh, 0, 0);
  else
    return gate == "identity";
  return true;
}
} // namespace

extern "C" {
const char *bench_error() { return lastError.c_str(); }

/// A layer of (m, k) x (f, k), or null with `bench_error`. Biases and `down`,
/// (k, f), may be null. All arrays are f32, or bf16's bits if `bf16`.
Layer *bench_make(int64_t m, int64_t k, int64_t f, int bf16, const char *gate,
                  const void *x, const void *wGate, const void *wValue,
                  const void *biasGate, const void *biasValue,
                  const void *down) try {
  Type type = bf16 ? Type::bf16 : Type::f32;
  auto *layer = new Layer;
  memory input = dense(*layer, {m, k}, type, x);
  memory value = dense(*layer, {m, f}, type, nullptr);
  memory gated = dense(*layer, {m, f}, type, nullptr);
  post_ops post;
  if (!addActivation(post, gate)) {
    lastError = std::string("no gating function ") + gate;
    delete layer;
    return nullptr;
  }
  post.append_binary(algorithm::binary_mul, value.get_desc());
  matmulStep(*layer, input, wValue, biasValue, value, post_ops(), nullptr);
  matmulStep(*layer, input, wGate, biasGate, gated, post, &value);
  layer->result = gated;
  if (down) {
    layer->result = dense(*layer, {m, k}, type, nullptr);
    matmulStep(*layer, gated, down, nullptr, layer->result, post_ops(),
               nullptr);
  }
  return layer;
} catch (const std::exception &error) {
  lastError = error.what();
  return nullptr;
}

/// Computes the layer; where its result lies, or null with `bench_error`.
const void *bench_run(Layer *layer) try {
  for (Step &step : layer->steps)
    step.run.execute(layer->queue, step.arguments);
  layer->queue.wait();
  return layer->result.get_data_handle();
} catch (const std::exception &error) {
  lastError = error.what();
  return nullptr;
}

void bench_free(Layer *layer) { delete layer; }

const char *bench_version() {
  static std::string text;
  const dnnl_version_t *v = dnnl_version();
  text = std::to_string(v->major) + "." + std::to_string(v->minor) + "." +
         std::to_string(v->patch);
  return text.c_str();
}
}
