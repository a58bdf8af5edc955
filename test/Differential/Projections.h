//===- Projections.h - Random spellings of x W ------------------*- C++ -*-===//

#ifndef GLU_TEST_DIFFERENTIAL_PROJECTIONS_H
#define GLU_TEST_DIFFERENTIAL_PROJECTIONS_H

#include "Emitter.h"

namespace glu::differential {

/// Element types of a case.
struct Types {
  std::string storage;     ///< Of activations, weights and biases.
  std::string accumulator; ///< Of projections.
};

/// A linear map of one input: a matmul, a batch of them or a convolution, and
/// which spellings of it are used.
class Producer {
public:
  enum class Kind {
    Rows,
    Flattened,
    Batched,
    Experts,
    Conv1D,
    Conv1DChannels,
    Conv2D
  };

  /// One with a new input, of random sizes.
  static Producer random(Emitter &emitter, const Types &types);
  /// One that reads `input`, whose columns are the last dimension.
  static Producer of(Emitter &emitter, const Types &types, Tensor input);

  /// Whether the input has no columns.
  bool isEmpty() const { return reduced.size == 0; }
  /// A new weight with `columns` output columns.
  Tensor weight(Dim columns);
  /// Dimension of the weights that the columns are.
  unsigned weightColumn() const;
  /// The input times `weight`, added to `init`, whose sizes are `resultDims`.
  Tensor project(Tensor weight, Tensor init);
  Dims resultDims(Dim columns) const;
  /// Dimension of the results that the columns are.
  unsigned resultColumn() const;

  Kind kind = Kind::Rows;
  Tensor input;

private:
  Producer(Emitter &emitter, const Types &types)
      : emitter(&emitter), types(types) {}

  Tensor rows(Tensor x, Tensor weight, Tensor init);
  Tensor batched(Tensor weight, Tensor init);
  Tensor convolution(Tensor weight, Tensor init);
  Tensor contraction(Tensor x, Tensor weight, Tensor init, unsigned rank,
                     llvm::ArrayRef<int> xMap, llvm::ArrayRef<int> wMap,
                     llvm::ArrayRef<int> yMap);

  Emitter *emitter;
  Types types;
  Dim reduced;             ///< Columns of the input.
  bool transposed = false; ///< Weights are [columns, reduced].
  bool widens = false;     ///< Operands are converted before.
  int64_t window = 1, window2 = 1, stride = 1, dilation = 1; ///< Convolutions.
  Dims spatial; ///< Of the results of a convolution.
};

} // namespace glu::differential

#endif // GLU_TEST_DIFFERENTIAL_PROJECTIONS_H
