# `cmake --install`: headers, libraries, tools, and the package for
# find_package(GLU).
include(CMakePackageConfigHelpers)

set(GLU_MLIR_VERSION "${LLVM_VERSION_MAJOR}.${LLVM_VERSION_MINOR}")
set(GLU_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/GLU")
configure_package_config_file(cmake/GLUConfig.cmake.in GLUConfig.cmake
  INSTALL_DESTINATION "${GLU_PACKAGE_DIR}")
write_basic_package_version_file(GLUConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)

foreach(root "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
  install(DIRECTORY "${root}/include/" TYPE INCLUDE
    FILES_MATCHING REGEX "\\.(h|td|inc)$" PATTERN CMakeFiles EXCLUDE)
endforeach()
install(EXPORT GLUTargets NAMESPACE GLU:: DESTINATION "${GLU_PACKAGE_DIR}")
install(FILES "${PROJECT_BINARY_DIR}/GLUConfig.cmake"
  "${PROJECT_BINARY_DIR}/GLUConfigVersion.cmake"
  DESTINATION "${GLU_PACKAGE_DIR}")
