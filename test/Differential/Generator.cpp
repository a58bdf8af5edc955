//===- Generator.cpp - Random gated units ---------------------------------===//

#include "Generator.h"
#include "Gating.h"
#include "Projections.h"

using namespace glu::differential;

namespace {
/// What both branches of a unit are.
struct Branches {
  Tensor gate, value;
};

class UnitWriter {
public:
  explicit UnitWriter(uint64_t seed) : emitter(seed) {}

  Case write();

private:
  /// Something that a projection is added to, and that has been added already.
  Tensor initial(const Producer &p, Dim columns);
  /// x W with bias, perhaps rounded.
  Tensor projection(Producer &p, Tensor weight, Dim columns);
  Tensor addBias(const Producer &p, Tensor tensor, Dim columns);
  Branches branches(Producer &p);
  Branches separate(Producer &p);
  Branches packed(Producer &p);
  Branches fromParts(Producer &p);
  Expr extras(Expr y, const Producer &p, const Dims &dims);
  Expr branch(Tensor tensor, const Dims &dims, unsigned column);
  Tensor down(Tensor y);

  Emitter emitter;
  Types types;
  bool rounds = false; ///< Projections are rounded to the storage type.
  Dim columns;         ///< Of a branch.
};
} // namespace

Tensor UnitWriter::initial(const Producer &p, Dim columns) {
  Dims dims = p.resultDims(columns);
  if (emitter.chance(80) || dims.size() != 2)
    return emitter.splat(emitter.chance(90) ? 0 : -0.5, dims,
                         types.accumulator);
  Tensor bias = emitter.argument(columns, types.accumulator);
  return emitter.broadcast(bias, dims, 0);
}

Tensor UnitWriter::addBias(const Producer &p, Tensor tensor, Dim columns) {
  Tensor bias = emitter.argument(columns, tensor.element);
  unsigned rank = tensor.rank();
  int column = int(p.resultColumn());
  Expr sum = combine(
      "arith.addf", {leaf(tensor, iota(rank), rank), leaf(bias, column, rank)});
  return emit(emitter, sum, tensor.dims);
}

Tensor UnitWriter::projection(Producer &p, Tensor weight, Dim columns) {
  Tensor result = p.project(weight, initial(p, columns));
  bool hasBias = emitter.chance(35), biasFirst = emitter.chance(50);
  if (hasBias && biasFirst)
    result = addBias(p, result, columns);
  if (rounds)
    result = emitter.convert(result, types.storage);
  if (hasBias && !biasFirst)
    result = addBias(p, result, columns);
  return result;
}

Branches UnitWriter::separate(Producer &p) {
  Tensor gateWeight = p.weight(columns);
  Tensor valueWeight = p.weight(columns);
  Tensor gate = projection(p, gateWeight, columns);
  return {gate, projection(p, valueWeight, columns)};
}

/// The two halves, or the even and odd ones, of dimension `dim`, in either
/// order.
static Branches split(Emitter &emitter, Tensor tensor, unsigned dim, Dim half,
                      bool interleaved) {
  Dim zero{0, ""}, second = interleaved ? Dim{1, ""} : half;
  int64_t stride = interleaved ? 2 : 1;
  Tensor a, b;
  if (!half.isDynamic() && emitter.chance(30)) {
    std::tie(a, b) = emitter.unzip(tensor, dim, interleaved);
  } else {
    a = emitter.slice(tensor, dim, zero, half, stride);
    b = emitter.slice(tensor, dim, second, half, stride);
  }
  if (emitter.chance(50))
    std::swap(a, b);
  return {a, b};
}

Branches UnitWriter::packed(Producer &p) {
  Dim both{2 * columns.size, ""};
  Tensor weight;
  if (columns.isDynamic()) {
    both = emitter.size(both.size, true);
    weight = p.weight(both);
    columns = emitter.derived(columns.size, true, [&] {
      return "arith.divui " + both.value + ", " + emitter.index(2) + " : index";
    });
  } else {
    weight = p.weight(both);
  }
  bool interleaved = emitter.chance(50);
  if (emitter.chance(25)) { // Split the weights.
    auto [gate, value] =
        split(emitter, weight, p.weightColumn(), columns, interleaved);
    Tensor projected = projection(p, gate, columns);
    return {projected, projection(p, value, columns)};
  }
  Tensor result = projection(p, weight, both);
  return split(emitter, result, p.resultColumn(), columns, interleaved);
}

/// Weights that are concatenated and split again.
Branches UnitWriter::fromParts(Producer &p) {
  Tensor a = p.weight(columns), b = p.weight(columns);
  Tensor weight = a;
  unsigned dim = p.weightColumn();
  weight.dims[dim].size = 2 * columns.size;
  weight.name = emitter.op("tensor.concat dim(" + std::to_string(dim) + ") " +
                           a.name + ", " + b.name + " : (" + a.type() + ", " +
                           b.type() + ") -> " + weight.type());
  Tensor result = projection(p, weight, Dim{2 * columns.size, ""});
  return split(emitter, result, p.resultColumn(), columns, false);
}

Branches UnitWriter::branches(Producer &p) {
  switch (emitter.pick(10)) {
  case 0:
  case 1:
  case 2:
    return separate(p);
  case 3: { // A scalar gate.
    Dim one{1, ""};
    Tensor gateWeight = p.weight(one), valueWeight = p.weight(columns);
    Tensor gate = projection(p, gateWeight, one);
    return {gate, projection(p, valueWeight, columns)};
  }
  case 4: { // One branch is no projection.
    Tensor weight = p.weight(columns);
    Tensor projected = projection(p, weight, columns);
    Tensor other = emitter.argument(p.resultDims(columns), projected.element);
    return emitter.chance(50) ? Branches{projected, other}
                              : Branches{other, projected};
  }
  case 5:
    // Upstream's lowering of tensor.concat takes nothing empty.
    if (!columns.isDynamic() && !p.isEmpty())
      return fromParts(p);
    [[fallthrough]];
  default:
    return packed(p);
  }
}

/// A leaf; columns that a scalar gate has not are read again and again.
Expr UnitWriter::branch(Tensor tensor, const Dims &dims, unsigned column) {
  llvm::SmallVector<int> map = iota(unsigned(dims.size()));
  if (tensor.dims[column].size == 1 && !tensor.dims[column].isDynamic() &&
      (dims[column].size != 1 || dims[column].isDynamic()))
    map[column] = -1;
  return leaf(tensor, map, unsigned(dims.size()));
}

Expr UnitWriter::extras(Expr y, const Producer &p, const Dims &dims) {
  unsigned rank = unsigned(dims.size());
  if (emitter.chance(15)) { // A mask, or the scale of each row.
    bool perRow = emitter.chance(50);
    Tensor scale = emitter.argument(perRow ? Dims{dims[0]} : dims, y->type);
    y = combine("arith.mulf",
                {y, leaf(scale, perRow ? iota(1) : iota(rank), rank)});
  }
  if (emitter.chance(10)) {
    Tensor residual = emitter.argument(dims, y->type);
    y = combine("arith.addf", {y, leaf(residual, iota(rank), rank)});
  }
  return y;
}

Tensor UnitWriter::down(Tensor y) {
  y = emitter.convert(y, types.storage);
  Producer p = Producer::of(emitter, types, y);
  Dim width = emitter.size(emitter.choose<int64_t>({1, 5, 8, 16, 33}),
                           emitter.chance(15));
  Tensor weight = p.weight(width);
  Tensor init = emitter.splat(0, p.resultDims(width), types.accumulator);
  Tensor result = p.project(weight, init);
  if (emitter.chance(25)) {
    unsigned rank = result.rank();
    Tensor residual = emitter.argument(result.dims, result.element);
    result = emit(emitter,
                  combine("arith.addf", {leaf(residual, iota(rank), rank),
                                         leaf(result, iota(rank), rank)}),
                  result.dims);
  }
  return emitter.convert(result, types.storage);
}

Case UnitWriter::write() {
  types.storage =
      emitter.choose({"f32", "f32", "f32", "f64", "f16", "bf16", "bf16"});
  bool isNarrow = bitsOf(types.storage) == 16;
  types.accumulator = isNarrow && emitter.chance(85) ? "f32" : types.storage;
  rounds = isNarrow && emitter.chance(50);
  Producer p = Producer::random(emitter, types);
  columns =
      emitter.size(emitter.choose<int64_t>({1, 2, 3, 5, 8, 13, 16, 17, 32, 33}),
                   emitter.chance(12));
  Branches b = branches(p);
  Dims dims = p.resultDims(columns);
  Expr g = branch(b.gate, dims, p.resultColumn());
  Expr v = branch(b.value, dims, p.resultColumn());

  // Narrow values are widened for the gating function, all or in part.
  Expr y;
  if (bitsOf(g->type) == 16) {
    y = convert(randomGating(emitter, convert(g, "f32"), convert(v, "f32")),
                emitter.chance(70) ? types.storage : "f32");
  } else {
    y = randomGating(emitter, g, v);
    if (emitter.chance(60))
      y = convert(y, types.storage);
  }
  y = extras(y, p, dims);
  Tensor result = emit(emitter, y, dims);

  llvm::SmallVector<Tensor> results;
  bool goesOn = p.kind <= Producer::Kind::Experts && emitter.chance(35);
  results.push_back(goesOn ? down(result) : result);
  if (emitter.chance(10)) // Kept for the backward pass.
    results.push_back(emitter.chance(50) ? b.gate : b.value);
  return {emitter.finish(results), llvm::to_vector(emitter.shapes())};
}

Case glu::differential::generate(uint64_t seed) {
  return UnitWriter(seed).write();
}
