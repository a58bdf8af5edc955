//===- Arguments.cpp - What a function is called with ---------------------===//

#include "Arguments.h"

#include "glu/Execution/Npy.h"
#include "glu/Execution/RandomData.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

Expected<SmallVector<Array>> getArguments(const CallOptions &options,
                                          const Signature &signature,
                                          bool mayInvent) {
  size_t wanted = signature.arguments.size(), given = options.arguments.size();
  if (given > wanted || (given < wanted && !mayInvent))
    return createStringError("'" + signature.name + "' takes " + Twine(wanted) +
                             " arguments and " + Twine(given) +
                             " are given with --arg");
  using Dimension = CallOptions::Dimension;
  auto fail = [](const Dimension &dim, const Twine &what) {
    return createStringError("--dim=" + Twine(dim.argument) + "." +
                             Twine(dim.dimension) + what);
  };
  for (const Dimension &dim : options.dimensions)
    if (dim.argument >= wanted ||
        dim.dimension >= signature.arguments[dim.argument].shape.size())
      return fail(dim, ": '" + signature.name + "' has no such dimension");
  SmallVector<Array> arrays;
  std::mt19937_64 generator(options.seed);
  constexpr int64_t defaultSize = 33; // Not a multiple of any tile.
  for (auto [i, type] : llvm::enumerate(signature.arguments)) {
    if (i < given) {
      Expected<Array> array = readNpy(options.arguments[i]);
      if (!array)
        return array.takeError();
      if (Error error = conform(*array, type,
                                "argument " + Twine(i) + ", '" +
                                    options.arguments[i] + "'"))
        return std::move(error);
      arrays.push_back(std::move(*array));
      continue;
    }
    SmallVector<int64_t> shape = type.shape;
    for (const Dimension &dim : options.dimensions)
      if (dim.argument == i && shape[dim.dimension] < 0)
        shape[dim.dimension] = dim.size;
    for (int64_t &size : shape)
      size = size < 0 ? defaultSize : size;
    Expected<Array> array = Array::allocate(type.element, shape);
    if (!array)
      return array.takeError();
    fillRandomly(*array, generator);
    arrays.push_back(std::move(*array));
  }
  for (const Dimension &dim : options.dimensions)
    if (int64_t size = arrays[dim.argument].getShape()[dim.dimension];
        size != dim.size)
      return fail(dim, "=" + Twine(dim.size) + ": the size is " + Twine(size));
  return std::move(arrays);
}
