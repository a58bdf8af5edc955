//===- Emitter.cpp - Writes random IR as text -----------------------------===//

#include "Emitter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace glu::differential;
using llvm::ArrayRef;
using llvm::formatv;
using llvm::SmallVector;
using llvm::StringRef;
using std::string;

string glu::differential::tensorType(ArrayRef<Dim> dims, StringRef element) {
  string text = "tensor<";
  for (const Dim &dim : dims)
    text += (dim.isDynamic() ? "?" : std::to_string(dim.size)) + "x";
  return text + element.str() + ">";
}

string Tensor::type() const { return tensorType(dims, element); }

string glu::differential::mapOf(unsigned numDims, ArrayRef<int> results) {
  auto name = [](int d) { return d < 0 ? "0" : "d" + std::to_string(d); };
  return "affine_map<(" +
         llvm::join(llvm::map_range(iota(numDims), name), ", ") + ") -> (" +
         llvm::join(llvm::map_range(results, name), ", ") + ")>";
}

SmallVector<int> glu::differential::iota(unsigned n) {
  return llvm::to_vector(llvm::seq<int>(0, int(n)));
}

unsigned glu::differential::bitsOf(StringRef element) {
  unsigned bits = 16;
  if (!element.starts_with("b"))
    element.drop_front().getAsInteger(10, bits);
  return bits;
}

string glu::differential::literal(double value) {
  return formatv("{0:e17}", value).str();
}

string glu::differential::conversion(StringRef from, StringRef to) {
  return bitsOf(from) < bitsOf(to) ? "arith.extf" : "arith.truncf";
}

string Emitter::op(string text) {
  string name = fresh();
  line(name + " = " + text);
  return name;
}

Tensor Emitter::op(string text, ArrayRef<Dim> dims, StringRef element) {
  return {op(std::move(text)), Dims(dims), element.str()};
}

Dim Emitter::size(int64_t size, bool dynamic) {
  return {size, dynamic ? fresh() : ""};
}

Dim Emitter::derived(int64_t size, bool dynamic,
                     llvm::function_ref<string()> text) {
  if (!dynamic)
    return {size, ""};
  measured.push_back(op(text()));
  return {size, measured.back()};
}

string Emitter::index(int64_t value) {
  return op("arith.constant " + std::to_string(value) + " : index");
}

Tensor Emitter::argument(ArrayRef<Dim> dims, StringRef element) {
  Tensor tensor{"%a" + std::to_string(arguments++), Dims(dims), element.str()};
  signature += (arguments > 1 ? ", " : "") + tensor.name + ": " + tensor.type();
  argumentShapes.emplace_back();
  for (const Dim &dim : dims)
    argumentShapes.back().push_back(dim.size);
  for (auto [i, dim] : llvm::enumerate(dims))
    if (dim.isDynamic() && !llvm::is_contained(measured, dim.value)) {
      measured.push_back(dim.value);
      line(dim.value + " = tensor.dim " + tensor.name + ", " +
           index(int64_t(i)) + " : " + tensor.type());
    }
  return tensor;
}

Tensor Emitter::empty(ArrayRef<Dim> dims, StringRef element) {
  SmallVector<string> sizes;
  for (const Dim &dim : dims)
    if (dim.isDynamic())
      sizes.push_back(dim.value);
  return op("tensor.empty(" + llvm::join(sizes, ", ") +
                ") : " + tensorType(dims, element),
            dims, element);
}

Tensor Emitter::splat(double value, ArrayRef<Dim> dims, StringRef element) {
  string type = tensorType(dims, element);
  bool isStatic = llvm::none_of(dims, [](Dim d) { return d.isDynamic(); });
  if (isStatic && chance(40))
    return op("arith.constant dense<" + literal(value) + "> : " + type, dims,
              element);
  string scalar =
      op("arith.constant " + literal(value) + " : " + element.str());
  Tensor init = empty(dims, element);
  return op("linalg.fill ins(" + scalar + " : " + element.str() + ") outs(" +
                init.name + " : " + type + ") -> " + type,
            dims, element);
}

Tensor Emitter::generic(ArrayRef<Operand> inputs, Tensor init,
                        StringRef initMap, StringRef iterators,
                        StringRef block) {
  SmallVector<string> maps, names, types;
  for (const Operand &operand : inputs) {
    maps.push_back(operand.map);
    names.push_back(operand.tensor.name);
    types.push_back(operand.tensor.type());
  }
  maps.push_back(initMap.str());
  string text = "linalg.generic {indexing_maps = [" + llvm::join(maps, ", ") +
                "], iterator_types = [" + iterators.str() + "]}";
  if (!inputs.empty())
    text += " ins(" + llvm::join(names, ", ") + " : " +
            llvm::join(types, ", ") + ")";
  text += " outs(" + init.name + " : " + init.type() + ") {\n" + block.str() +
          "  } -> " + init.type();
  return op(text, init.dims, init.element);
}

Tensor Emitter::named(string name, ArrayRef<Tensor> inputs, Tensor init,
                      string suffix) {
  SmallVector<string> names, types;
  for (const Tensor &tensor : inputs) {
    names.push_back(tensor.name);
    types.push_back(tensor.type());
  }
  // Those with a suffix are broadcasts and transpositions, which have no arrow.
  string arrow = suffix.empty() ? " -> " + init.type() : " " + suffix;
  return op(name + " ins(" + llvm::join(names, ", ") + " : " +
                llvm::join(types, ", ") + ") outs(" + init.name + " : " +
                init.type() + ")" + arrow,
            init.dims, init.element);
}

static string parallel(unsigned n) {
  return llvm::join(SmallVector<string>(n, "\"parallel\""), ", ");
}

static string listOf(ArrayRef<int> numbers) {
  return "[" +
         llvm::join(
             llvm::map_range(numbers, [](int n) { return std::to_string(n); }),
             ", ") +
         "]";
}

Tensor Emitter::transpose(Tensor tensor, ArrayRef<int> permutation) {
  Dims dims;
  for (int d : permutation)
    dims.push_back(tensor.dims[d]);
  Tensor init = empty(dims, tensor.element);
  if (chance(60))
    return named("linalg.transpose", tensor, init,
                 "permutation = " + listOf(permutation));
  // Result dimension i is dimension permutation[i] of the operand.
  SmallVector<int> inverse(permutation.size());
  for (auto [i, d] : llvm::enumerate(permutation))
    inverse[d] = int(i);
  unsigned rank = tensor.rank();
  return generic(
      Operand{tensor, mapOf(rank, inverse)}, init, mapOf(rank, iota(rank)),
      parallel(rank),
      formatv("  ^bb0(%x: {0}, %y: {0}):\n    linalg.yield %x : {0}\n",
              tensor.element)
          .str());
}

Tensor Emitter::broadcast(Tensor tensor, ArrayRef<Dim> dims, unsigned added) {
  Tensor init = empty(dims, tensor.element);
  if (chance(60))
    return named("linalg.broadcast", tensor, init,
                 "dimensions = " + listOf(int(added)));
  unsigned rank = init.rank();
  SmallVector<int> results = iota(rank);
  results.erase(results.begin() + added);
  return generic(
      Operand{tensor, mapOf(rank, results)}, init, mapOf(rank, iota(rank)),
      parallel(rank),
      formatv("  ^bb0(%x: {0}, %y: {0}):\n    linalg.yield %x : {0}\n",
              tensor.element)
          .str());
}

Tensor Emitter::slice(Tensor tensor, unsigned dim, Dim offset, Dim size,
                      int64_t stride) {
  SmallVector<string> offsets, sizes, strides;
  auto text = [](const Dim &d) {
    return d.isDynamic() ? d.value : std::to_string(d.size);
  };
  Tensor result = tensor;
  result.dims[dim] = size;
  for (unsigned d = 0; d < tensor.rank(); ++d) {
    offsets.push_back(d == dim ? text(offset) : "0");
    sizes.push_back(text(result.dims[d]));
    strides.push_back(d == dim ? std::to_string(stride) : "1");
  }
  result.name = op("tensor.extract_slice " + tensor.name + "[" +
                   llvm::join(offsets, ", ") + "] [" + llvm::join(sizes, ", ") +
                   "] [" + llvm::join(strides, ", ") + "] : " + tensor.type() +
                   " to " + result.type());
  return result;
}

std::pair<Tensor, Tensor> Emitter::unzip(Tensor tensor, unsigned dim,
                                         bool interleaved) {
  Dim half{tensor.dims[dim].size / 2, ""}, two{2, ""};
  Tensor pairs = tensor;
  pairs.dims[dim] = interleaved ? half : two;
  pairs.dims.insert(pairs.dims.begin() + dim + 1, interleaved ? two : half);
  unsigned pairDim = interleaved ? dim + 1 : dim;
  SmallVector<string> groups, sizes, ones(pairs.rank(), "1");
  for (unsigned d = 0; d < tensor.rank(); ++d) {
    unsigned first = d > dim ? d + 1 : d;
    groups.push_back(d == dim ? listOf({int(d), int(d) + 1})
                              : listOf(int(first)));
  }
  for (const Dim &d : pairs.dims)
    sizes.push_back(d.isDynamic() ? d.value : std::to_string(d.size));
  pairs.name = op("tensor.expand_shape " + tensor.name + " [" +
                  llvm::join(groups, ", ") + "] output_shape [" +
                  llvm::join(sizes, ", ") + "] : " + tensor.type() + " into " +
                  pairs.type());
  sizes[pairDim] = "1";
  auto take = [&](int index) {
    SmallVector<string> offsets(pairs.rank(), "0");
    offsets[pairDim] = std::to_string(index);
    Tensor part = tensor;
    part.dims[dim] = half;
    part.name = op("tensor.extract_slice " + pairs.name + "[" +
                   llvm::join(offsets, ", ") + "] [" + llvm::join(sizes, ", ") +
                   "] [" + llvm::join(ones, ", ") + "] : " + pairs.type() +
                   " to " + part.type());
    return part;
  };
  Tensor first = take(0);
  return {first, take(1)};
}

/// "[[0, 1], [2], ...]" for a tensor of that rank.
static string mergeFirstTwo(unsigned rank) {
  string text = "[[0, 1]";
  for (unsigned d = 2; d < rank; ++d)
    text += ", [" + std::to_string(d) + "]";
  return text + "]";
}

Tensor Emitter::collapse(Tensor tensor) {
  Dim a = tensor.dims[0], b = tensor.dims[1];
  auto product = [&] {
    string x = a.isDynamic() ? a.value : index(a.size);
    string y = b.isDynamic() ? b.value : index(b.size);
    return "arith.muli " + x + ", " + y + " : index";
  };
  Tensor result = tensor;
  result.dims.erase(result.dims.begin());
  result.dims[0] =
      derived(a.size * b.size, a.isDynamic() || b.isDynamic(), product);
  result.name = op("tensor.collapse_shape " + tensor.name + " " +
                   mergeFirstTwo(tensor.rank()) + " : " + tensor.type() +
                   " into " + result.type());
  return result;
}

Tensor Emitter::expand(Tensor tensor, Dim first, Dim second) {
  Tensor result = tensor;
  result.dims[0] = second;
  result.dims.insert(result.dims.begin(), first);
  SmallVector<string> sizes;
  for (const Dim &d : result.dims)
    sizes.push_back(d.isDynamic() ? d.value : std::to_string(d.size));
  result.name = op("tensor.expand_shape " + tensor.name + " " +
                   mergeFirstTwo(result.rank()) + " output_shape [" +
                   llvm::join(sizes, ", ") + "] : " + tensor.type() + " into " +
                   result.type());
  return result;
}

Tensor Emitter::convert(Tensor tensor, StringRef element) {
  if (tensor.element == element)
    return tensor;
  string cast = conversion(tensor.element, element);
  string type = tensorType(tensor.dims, element);
  if (chance(40))
    return op(cast + " " + tensor.name + " : " + tensor.type() + " to " + type,
              tensor.dims, element);
  unsigned rank = tensor.rank();
  string id = mapOf(rank, iota(rank));
  return generic(Operand{tensor, id}, empty(tensor.dims, element), id,
                 parallel(rank),
                 formatv("  ^bb0(%x: {0}, %y: {1}):\n    %z = {2} %x : {0} to "
                         "{1}\n    linalg.yield %z : {1}\n",
                         tensor.element, element, cast)
                     .str());
}

string Emitter::finish(ArrayRef<Tensor> results) const {
  SmallVector<string> names, types;
  for (const Tensor &tensor : results) {
    names.push_back(tensor.name);
    types.push_back(tensor.type());
  }
  return "func.func @f(" + signature + ") -> (" + llvm::join(types, ", ") +
         ") {\n" + body + "  return " + llvm::join(names, ", ") + " : " +
         llvm::join(types, ", ") + "\n}\n";
}
