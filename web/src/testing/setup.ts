import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// A second is too short where other builds keep the processor busy; what never comes still fails.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
});
