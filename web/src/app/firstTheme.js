// Runs before anything is drawn, so that a stored theme which differs from the device's never flashes; see theme.ts.
try {
  const theme = localStorage.getItem('bgc.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the page follows the device.
}
