//===- Projections.cpp - Random spellings of x W --------------------------===//

#include "Projections.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace glu::differential;
using llvm::ArrayRef;
using llvm::formatv;
using llvm::SmallVector;
using llvm::StringRef;
using std::string;

/// Not multiples of any tile, and multiples; one in a hundred is empty.
static int64_t randomSize(Emitter &emitter) {
  if (emitter.chance(1))
    return 0;
  return emitter.choose<int64_t>({1, 2, 3, 5, 7, 8, 13, 16, 17, 32, 33});
}

Producer Producer::random(Emitter &emitter, const Types &types) {
  Producer p(emitter, types);
  p.kind = emitter.choose({Kind::Rows, Kind::Rows, Kind::Rows, Kind::Flattened,
                           Kind::Flattened, Kind::Batched, Kind::Experts,
                           Kind::Conv1D, Kind::Conv1DChannels, Kind::Conv2D});
  p.transposed = emitter.chance(40);
  p.widens = types.storage != types.accumulator && emitter.chance(40);
  auto isDynamic = [&] { return emitter.chance(20); };
  // Upstream takes no slice of a tensor that is known to be empty.
  auto sizeOf = [&](int64_t size, bool isDynamic) {
    return emitter.size(size, isDynamic || size == 0);
  };
  p.reduced = sizeOf(randomSize(emitter), emitter.chance(10));
  Dim batch = emitter.size(emitter.choose<int64_t>({1, 1, 2, 3}), isDynamic());
  Dim row = sizeOf(randomSize(emitter), isDynamic());
  Dims dims;
  if (p.kind == Kind::Rows) {
    dims = {row, p.reduced};
  } else if (p.kind < Kind::Conv1D) {
    dims = {batch, row, p.reduced};
  } else {
    p.reduced = {std::max<int64_t>(p.reduced.size, 1), ""};
    p.window = 1 + emitter.pick(3);
    p.stride = 1 + emitter.chance(25);
    p.dilation = 1 + emitter.chance(25);
    auto inputSize = [&](int64_t size, int64_t window) {
      return (size - 1) * p.stride + (window - 1) * p.dilation + 1;
    };
    int64_t width = emitter.choose<int64_t>({1, 2, 5, 8, 13});
    Dim inputWidth{inputSize(width, p.window), ""};
    p.spatial = {Dim{width, ""}};
    dims = {batch, inputWidth, p.reduced};
    if (p.kind == Kind::Conv1DChannels)
      std::swap(dims[1], dims[2]);
    if (p.kind == Kind::Conv2D) {
      p.window2 = 1 + emitter.pick(2);
      int64_t height = emitter.choose<int64_t>({1, 2, 3});
      p.spatial.push_back(Dim{height, ""});
      dims.insert(dims.begin() + 2, Dim{inputSize(height, p.window2), ""});
    }
  }
  p.input = emitter.argument(dims, types.storage);
  return p;
}

Producer Producer::of(Emitter &emitter, const Types &types, Tensor input) {
  Producer p(emitter, types);
  p.input = input;
  p.kind = input.rank() == 2    ? Kind::Rows
           : emitter.chance(50) ? Kind::Flattened
                                : Kind::Batched;
  p.transposed = emitter.chance(40);
  p.reduced = input.dims.back();
  return p;
}

unsigned Producer::weightColumn() const {
  switch (kind) {
  case Kind::Rows:
  case Kind::Flattened:
  case Kind::Batched:
    return transposed ? 0 : 1;
  case Kind::Experts:
    return transposed ? 1 : 2;
  case Kind::Conv1D:
    return 2;
  case Kind::Conv1DChannels:
    return 0;
  case Kind::Conv2D:
    return 3;
  }
  return 0;
}

Tensor Producer::weight(Dim columns) {
  Dim k = reduced, n = columns;
  Dims dims = transposed ? Dims{n, k} : Dims{k, n};
  switch (kind) {
  case Kind::Experts:
    dims.insert(dims.begin(), input.dims[0]);
    break;
  case Kind::Conv1D:
    dims = {Dim{window, ""}, k, n};
    break;
  case Kind::Conv1DChannels:
    dims = {n, k, Dim{window, ""}};
    break;
  case Kind::Conv2D:
    dims = {Dim{window, ""}, Dim{window2, ""}, k, n};
    break;
  default:
    break;
  }
  return emitter->argument(dims, types.storage);
}

unsigned Producer::resultColumn() const {
  return kind == Kind::Rows || kind == Kind::Conv1DChannels ? 1
         : kind == Kind::Conv2D                             ? 3
                                                            : 2;
}

Dims Producer::resultDims(Dim columns) const {
  Dims dims = input.dims;
  switch (kind) {
  case Kind::Conv1DChannels:
    return {dims[0], columns, spatial[0]};
  case Kind::Conv1D:
    return {dims[0], spatial[0], columns};
  case Kind::Conv2D:
    return {dims[0], spatial[0], spatial[1], columns};
  default:
    dims.back() = columns;
    return dims;
  }
}

Tensor Producer::project(Tensor weight, Tensor init) {
  Tensor narrow = input;
  if (widens) {
    input = emitter->convert(input, types.accumulator);
    weight = emitter->convert(weight, types.accumulator);
  }
  Tensor result;
  switch (kind) {
  case Kind::Rows:
    result = rows(input, weight, init);
    break;
  case Kind::Flattened:
    result = emitter->expand(
        rows(emitter->collapse(input), weight, emitter->collapse(init)),
        init.dims[0], init.dims[1]);
    break;
  case Kind::Batched:
  case Kind::Experts:
    result = batched(weight, init);
    break;
  default:
    result = convolution(weight, init);
  }
  input = narrow;
  return result;
}

Tensor Producer::contraction(Tensor x, Tensor weight, Tensor init,
                             unsigned rank, ArrayRef<int> xMap,
                             ArrayRef<int> wMap, ArrayRef<int> yMap) {
  string xm = mapOf(rank, xMap), wm = mapOf(rank, wMap), ym = mapOf(rank, yMap);
  bool weightFirst = emitter->chance(15);
  if (weightFirst) {
    std::swap(x, weight);
    std::swap(xm, wm);
  }
  if (emitter->chance(40))
    return emitter->named("linalg.contract indexing_maps = [" + xm + ", " + wm +
                              ", " + ym + "]",
                          {x, weight}, init);
  string block = formatv("  ^bb0(%p: {0}, %q: {1}, %r: {2}):\n", x.element,
                         weight.element, init.element)
                     .str();
  string p = "%p", q = "%q";
  if (x.element != init.element) {
    block += formatv("    %u = {0} %p : {1} to {3}\n    %v = {0} %q : {2} to "
                     "{3}\n",
                     conversion(x.element, init.element), x.element,
                     weight.element, init.element)
                 .str();
    p = "%u", q = "%v";
  }
  block +=
      formatv("    %m = arith.mulf {0}, {1} : {2}\n    %s = arith.addf {3}"
              " : {2}\n    linalg.yield %s : {2}\n",
              p, q, init.element, emitter->chance(70) ? "%r, %m" : "%m, %r")
          .str();
  SmallVector<string> iterators;
  for (unsigned d = 0; d < rank; ++d)
    iterators.push_back(llvm::is_contained(yMap, int(d)) ? "\"parallel\""
                                                         : "\"reduction\"");
  return emitter->generic({{x, xm}, {weight, wm}}, init, ym,
                          llvm::join(iterators, ", "), block);
}

Tensor Producer::rows(Tensor x, Tensor weight, Tensor init) {
  if (transposed && emitter->chance(50))
    weight = emitter->transpose(weight, {1, 0});
  else if (transposed) {
    if (emitter->chance(30))
      return emitter->named("linalg.matmul indexing_maps = [" +
                                mapOf(3, {0, 2}) + ", " + mapOf(3, {1, 2}) +
                                ", " + mapOf(3, {0, 1}) + "]",
                            {x, weight}, init);
    return contraction(x, weight, init, 3, {0, 2}, {1, 2}, {0, 1});
  }
  if (emitter->chance(60))
    return emitter->named("linalg.matmul", {x, weight}, init);
  return contraction(x, weight, init, 3, {0, 2}, {2, 1}, {0, 1});
}

Tensor Producer::batched(Tensor weight, Tensor init) {
  bool hasExperts = kind == Kind::Experts;
  if (transposed && emitter->chance(50))
    weight = emitter->transpose(weight, hasExperts ? ArrayRef<int>{0, 2, 1}
                                                   : ArrayRef<int>{1, 0});
  else if (transposed)
    return contraction(
        input, weight, init, 4, {0, 1, 3},
        hasExperts ? ArrayRef<int>{0, 2, 3} : ArrayRef<int>{2, 3}, {0, 1, 2});
  if (emitter->chance(40))
    return contraction(
        input, weight, init, 4, {0, 1, 3},
        hasExperts ? ArrayRef<int>{0, 3, 2} : ArrayRef<int>{3, 2}, {0, 1, 2});
  if (!hasExperts)
    weight = emitter->broadcast(
        weight, Dims{input.dims[0], weight.dims[0], weight.dims[1]}, 0);
  return emitter->named("linalg.batch_matmul", {input, weight}, init);
}

Tensor Producer::convolution(Tensor weight, Tensor init) {
  string attributes =
      kind == Kind::Conv2D
          ? formatv("{{strides = dense<{0}> : tensor<2xi64>, dilations = "
                    "dense<{1}> : tensor<2xi64>}",
                    stride, dilation)
                .str()
          : formatv("{{strides = dense<{0}> : tensor<1xi64>, dilations = "
                    "dense<{1}> : tensor<1xi64>}",
                    stride, dilation)
                .str();
  StringRef name = kind == Kind::Conv1D           ? "linalg.conv_1d_nwc_wcf"
                   : kind == Kind::Conv1DChannels ? "linalg.conv_1d_ncw_fcw"
                                                  : "linalg.conv_2d_nhwc_hwcf";
  return emitter->named(name.str() + " " + attributes, {input, weight}, init);
}
